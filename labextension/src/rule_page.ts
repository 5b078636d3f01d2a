/** A rule's manual page: it ships with this page, so it opens at once, whatever the kernel does. Pure. */

import type { Say } from './format.js';
import { RULE_PAGES } from './made/rule_pages.js';
import type { Finding } from './messages.js';

/** The page as Markdown; null: a rule that this page does not know, of another version's kernel. */
export function rulePage(finding: Pick<Finding, 'rule' | 'name' | 'level'>, say: Say): string | null {
  const page = RULE_PAGES[finding.rule];
  if (page === undefined) {
    return null;
  }
  const [head = '', ...rest] = page.split('\n');
  const title = head
    .slice(head.indexOf(':') + 1)
    .trim()
    .replace(/^./, first => first.toUpperCase());
  const paragraphs = rest.join('\n').replace(/^([A-Z][a-z ]{2,30}):/gm, '**$1:**');
  const ignore = `\`%mlee_experiment ignore ${finding.name} --because "..."\``;
  return [`**${title}**`, paragraphs.trim(), say('Level: %1. Ignore it here: %2', finding.level, ignore)].join('\n\n');
}
