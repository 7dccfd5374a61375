import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import Tally from './tally.ts';

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
});

test('the last line counts what passed and failed', () => {
  new Tally().onTestRunEnd([file('unit', ['passed', 'passed']), file('e2e', ['failed', 'passed'])], [], 'failed');
  expect(printed).toEqual(['2 test files: unit 1, e2e 1', '3 passed, 1 failed']);
});

test('a skipped test is named', () => {
  new Tally().onTestRunEnd([file('unit', ['passed', 'skipped'])], [], 'passed');
  expect(printed.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
});

test('a file that did not load and an unhandled error each count as failed', () => {
  new Tally().onTestRunEnd([file('unit', ['passed']), file('unit', [], 'failed')], [{ message: 'lost' }], 'failed');
  expect(printed.at(-1)).toBe('1 passed, 2 failed');
});

test('a run that never began is not a pass', () => {
  new Tally().onTestRunEnd([], [], 'failed');
  expect(printed.at(-1)).toBe('0 passed, 1 failed');
});

function file(project: string, states: readonly string[], state = states.includes('failed') ? 'failed' : 'passed'): TestModule {
  const tests = states.map((each) => ({ result: () => ({ state: each }) }));
  const allTests = (only?: string) => tests.filter((each) => only === undefined || each.result().state === only);
  return { project: { name: project }, state: () => state, children: { allTests } } as unknown as TestModule;
}
