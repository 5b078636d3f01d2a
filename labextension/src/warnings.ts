/** What speaks against a choice. Pure. */

import type { Finding } from './messages.js';

/** What was found of a candidate, and every error: a wrong comparison concerns all. */
export function warningsOf(candidate: string | undefined, findings: readonly Finding[]): string[] {
  const names = (finding: Finding) =>
    finding.where.some(place => 'candidate' in place && place.candidate === candidate);
  return findings
    .filter(one => one.outcome === 'finding' && one.level !== 'advice')
    .filter(one => one.level === 'error' || (candidate !== undefined && names(one)))
    .map(one => `${one.rule}  ${one.message}`);
}
