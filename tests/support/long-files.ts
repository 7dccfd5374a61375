import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const limit = 250;

/** Lists the files worth a second look because they are long. A list to read, never a failure. */
export function main(): number {
  const files = ['src', 'tests'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const ours = files.filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('node_modules'));
  const long = ours
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > limit);
  for (const { path, lines } of long.toSorted((one, other) => other.lines - one.lines)) console.log(`${String(lines).padStart(5)} ${path}`);
  console.log(`${String(long.length)} of ${String(ours.length)} files are longer than ${String(limit)} lines.`);
  return 0;
}
