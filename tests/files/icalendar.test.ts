import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { icalendar, type DayEvent } from '../../src/files/icalendar';

const made = { name: 'Tallyline billing days', now: '2021-01-03T09:05:07.123Z' };
const event: DayEvent = {
  uid: 'final-2020-12@tallyline',
  day: '2020-12-31',
  title: 'December 2020 is final',
  text: 'Review; sync, done\\n',
};

describe('a calendar file', () => {
  test('is whole, with escaped texts, and an all-day event ends on the next day', () => {
    expect(icalendar([event], made)).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Tallyline//Billing calendar//EN',
        'CALSCALE:GREGORIAN',
        'METHOD:PUBLISH',
        'X-WR-CALNAME:Tallyline billing days',
        'BEGIN:VEVENT',
        'UID:final-2020-12@tallyline',
        'DTSTAMP:20210103T090507Z',
        'DTSTART;VALUE=DATE:20201231',
        'DTEND;VALUE=DATE:20210101',
        'SUMMARY:December 2020 is final',
        'DESCRIPTION:Review\\; sync\\, done\\\\n',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
  });

  test('folds after 75 octets, never inside a character', () => {
    const text = `${'é'.repeat(40)}${'😀'.repeat(30)}\nnext`;
    const lines = icalendar([{ ...event, text }], made).split('\r\n');
    expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
    const at = lines.findIndex((line) => line.startsWith('DESCRIPTION:'));
    expect(lines.slice(at, at + 3).map((line) => [...line].length)).toEqual([43, 24, 23]);
  });

  test('gives back every text when it is read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const clean = text.replace(/\p{Cc}/gu, ' ');
        const file = icalendar([{ ...event, title: clean }], made);
        const line = file
          .replaceAll('\r\n ', '')
          .split('\r\n')
          .find((one) => one.startsWith('SUMMARY:'));
        expect(line?.slice('SUMMARY:'.length).replace(/\\([\\;,])/g, '$1')).toBe(clean);
        expect(file.split('\r\n').every((one) => Buffer.byteLength(one) <= 75)).toBe(true);
      }),
    );
  });
});
