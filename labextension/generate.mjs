/** Writes types/*.d.ts of the Python side's JSON schemas, and the manual pages of its rules, so that the two cannot differ. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const PACKAGE = new URL('../mlee_jupyter/', import.meta.url);
const TYPES = new URL('types/', import.meta.url);
const MADE = new URL('src/made/', import.meta.url);
const SCHEMAS = {
  board: 'report/board/board.schema.json',
  live: 'magics/live/live.schema.json',
  snapshot: 'panel/snapshot.schema.json',
  reply: 'panel/reply.schema.json'
};

await mkdir(TYPES, { recursive: true });
for (const [name, path] of Object.entries(SCHEMAS)) {
  const schema = JSON.parse(await readFile(new URL(path, PACKAGE), 'utf-8'));
  const made = await compile(schema, name, {
    bannerComment: `/* Made of mlee_jupyter/${path} by generate.mjs: do not edit. */`,
    ignoreMinAndMaxItems: true // a list of one or more is a list
  });
  await writeFile(new URL(`${name}.d.ts`, TYPES), made);
}

/** A rule's page is the docstring that its file begins with: code, name and headline stand in the first line. */
async function rulePages(folder) {
  const pages = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      Object.assign(pages, await rulePages(new URL(`${entry.name}/`, folder)));
    } else if (/^mle\d+_\w+\.py$/.test(entry.name)) {
      const text = /^"""([^]*?)"""/.exec(await readFile(new URL(entry.name, folder), 'utf-8'))?.[1]?.trim();
      if (text) {
        pages[text.split(' ', 1)[0]] = text;
      }
    }
  }
  return pages;
}

const pages = Object.entries(await rulePages(new URL('guardrails/', PACKAGE))).sort(([a], [b]) => (a < b ? -1 : 1));
await mkdir(MADE, { recursive: true });
await writeFile(
  new URL('rule_pages.ts', MADE),
  '/* Made of mlee_jupyter/guardrails by generate.mjs: do not edit. */\n' +
    `export const RULE_PAGES: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(pages), null, 1)};\n`
);
