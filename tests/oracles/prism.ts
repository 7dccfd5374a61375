import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Contract } from '../support/contract.ts';

/**
 * A validating mock of a contract on loopback: it refuses a wrong body and answers samples. It answers no CORS, as the PSA does not. Paths
 * stand under `base` too, where the PSA has one; a sign-in beside it keeps its place.
 */
export async function startPrism(contract: Contract, base = ''): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tallyline-prism-'));
  const file = join(folder, 'contract.json');
  const under = Object.fromEntries(Object.entries(contract.paths).map(([path, operations]) => [`${base}${path}`, operations]));
  await writeFile(file, JSON.stringify({ ...contract, servers: [], paths: { ...contract.paths, ...under } }));
  const prism = resolve('tests/oracles/node_modules/@stoplight/prism-cli/dist/index.js');
  const child = spawn(process.execPath, [prism, 'mock', '--errors', '--cors=false', '--port', '0', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((done) => child.on('close', () => done()));
  const address = await new Promise<string>((ready, failed) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const [, found] = /Prism is listening on (http:\/\/[\d.]+:\d+)\s/.exec(output) ?? [];
      if (found !== undefined) ready(found);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', failed);
    child.on('close', () => failed(new Error(`prism ended: ${output}`)));
  });
  return {
    url: `${address}${base}`,
    close: async () => {
      child.kill();
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}
