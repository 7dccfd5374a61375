import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a run of a collection came to: requests that were really sent, checks, and every failure in words. */
export interface NewmanRun {
  readonly sent: number;
  readonly checks: number;
  readonly failures: readonly string[];
}

interface Report {
  readonly run: {
    readonly stats: { readonly requests: { readonly total: number }; readonly assertions: { readonly total: number } };
    readonly failures: readonly {
      readonly error: { readonly test?: string; readonly message: string };
      readonly source?: { readonly name?: string };
    }[];
  };
}

/** Runs an exported collection the way a partner does, with the account given on the command line. */
export async function runCollection(collection: string, variables: Readonly<Record<string, string>>): Promise<NewmanRun> {
  const folder = await mkdtemp(join(tmpdir(), 'tallyline-newman-'));
  const [file, report] = [join(folder, 'collection.json'), join(folder, 'report.json')];
  await writeFile(file, collection);
  const given = Object.entries({ ...ACCOUNT, ...variables }).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
  const output = await run(['run', file, ...given, '--reporters', 'json', '--reporter-json-export', report]);
  try {
    const { run: made } = JSON.parse(await readFile(report, 'utf8')) as Report;
    const failures = made.failures.map(({ error, source }) => `${source?.name ?? ''}: ${error.test ?? ''} ${error.message}`);
    return { sent: made.stats.requests.total, checks: made.stats.assertions.total, failures };
  } catch (reason) {
    throw new Error(`newman left no report: ${output}`, { cause: reason });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ACCOUNT = { companyId: 'acme', publicKey: 'public', privateKey: 'private', clientId: '00000000-0000-4000-8000-000000000000' };

function run(parameters: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [resolve('tests/oracles/node_modules/newman/bin/newman.js'), ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', failed);
    child.on('close', () => done(Buffer.concat(chunks).toString('utf8')));
  });
}
