import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/** Closes the run with one plain line; a file that did not load, an unhandled error and a run that never began count as failed. */
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0).length;
    const known = count('failed') + broken + errors.length;
    const failed = reason === 'passed' ? known : Math.max(known, 1);
    const skipped = count('skipped') + count('pending');
    const closing = `${String(count('passed'))} passed, ${String(failed)} failed`;
    console.log(`${String(modules.length)} test files: ${filesByProject(modules)}`);
    console.log(skipped === 0 ? closing : `${closing}, ${String(skipped)} skipped`);
  }
}

function filesByProject(modules: readonly TestModule[]): string {
  const files = new Map<string, number>();
  for (const { project } of modules) files.set(project.name, (files.get(project.name) ?? 0) + 1);
  return [...files].map(([name, number]) => `${name} ${String(number)}`).join(', ');
}
