import { expect, test } from 'vitest';
import { judge, median, rows, type Samples } from './judge.ts';

const samples: Samples = {
  ours: [30, 10, 20],
  rival: [5, 10, 15],
  slow: [
    { ms: 400, block: 7 },
    { ms: 400, block: 60 },
  ],
};

test('the median is the middle sample, or the mean of the two in the middle', () => {
  expect([median(samples, 'ours'), median({ ours: [1, 4, 2, 3] }, 'ours')]).toEqual([20, 2.5]);
});

test('a limit holds up to and including its bound', () => {
  expect(judge({ kind: 'ratio', of: 'rival', max: 2 }, samples)).toEqual({
    passed: true,
    sentence: 'ok   ours takes 2.00 x rival, at most 2 x',
  });
  expect(judge({ kind: 'faster', than: 'slow', min: 20 }, samples)).toEqual({
    passed: true,
    sentence: 'ok   ours is 20.0 x faster than slow, at least 20 x',
  });
  expect(judge({ kind: 'ms', max: 20 }, samples)).toEqual({ passed: true, sentence: 'ok   ours ms 20.0, at most 20' });
});

test('a limit that is passed fails', () => {
  expect(judge({ kind: 'ratio', of: 'rival', max: 1.9 }, samples)).toEqual({
    passed: false,
    sentence: 'FAIL ours takes 2.00 x rival, at most 1.9 x',
  });
  expect(judge({ kind: 'faster', than: 'slow', min: 21 }, samples)).toEqual({
    passed: false,
    sentence: 'FAIL ours is 20.0 x faster than slow, at least 21 x',
  });
  expect(judge({ kind: 'ms', contender: 'slow', figure: 'block', max: 33 }, samples)).toEqual({
    passed: false,
    sentence: 'FAIL slow block 33.5, at most 33',
  });
});

test('a limit on something that was not measured is an error', () => {
  expect(() => judge({ kind: 'ms', figure: 'block', max: 50 }, samples)).toThrow('A sample of ours has no figure block.');
  expect(() => judge({ kind: 'ratio', of: 'nobody', max: 1 }, samples)).toThrow('There is no sample of nobody.');
  expect(() => judge({ kind: 'ms', max: 1 }, { ours: [NaN] })).toThrow('A sample of ours has no figure ms.');
});

test('every figure of every contender has a row', () => {
  expect(rows(samples)).toEqual([
    '  ours ms                                            20.0  [10.0 - 30.0]            1.00 x',
    '  rival ms                                           10.0  [5.0 - 15.0]             0.50 x',
    '  slow ms                                           400.0  [400.0 - 400.0]          20.00 x',
    '  slow block                                         33.5  [7.0 - 60.0]',
  ]);
});
