/** Writes types/*.d.ts of the JSON schemas that the Python side keeps, so that the two cannot differ. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const PACKAGE = new URL('../mlee_jupyter/', import.meta.url);
const TYPES = new URL('types/', import.meta.url);
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
