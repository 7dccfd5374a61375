import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What a run of a collection came to: requests that were really sent, checks, and every failure in words. */
export interface NewmanRun {
  readonly sent: number;
  readonly checks: number;
  readonly failures: readonly string[];
}

interface Summary {
  readonly run: {
    readonly stats: { readonly requests: { readonly total?: number }; readonly assertions: { readonly total?: number } };
    readonly failures: readonly {
      readonly error: { readonly test?: string; readonly message: string };
      readonly source?: { readonly name?: string };
    }[];
  };
}
interface Newman {
  readonly run: (
    options: { readonly collection: unknown; readonly envVar: readonly { readonly key: string; readonly value: string }[] },
    done: (error: Error | null, summary: Summary) => void,
  ) => void;
}

/** Runs an exported collection as `newman run` does, with the account and the base URL given beside it. */
export async function runCollection(collection: string, variables: Readonly<Record<string, string>>): Promise<NewmanRun> {
  const newman = createRequire(resolve('tests/oracles/package.json'))('newman') as Newman;
  const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }));
  const { run } = await new Promise<Summary>((done, failed) =>
    newman.run({ collection: JSON.parse(collection) as unknown, envVar }, (error, summary) =>
      error === null ? done(summary) : failed(error),
    ),
  );
  return {
    sent: run.stats.requests.total ?? 0,
    checks: run.stats.assertions.total ?? 0,
    failures: run.failures.map(({ error, source }) => `${source?.name ?? ''}: ${error.test ?? ''} ${error.message}`),
  };
}
