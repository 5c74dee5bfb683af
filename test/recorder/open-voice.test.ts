/** What a person is told when several things fail at once. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { openVoice, type Voice } from '../../src/recorder/open-voice.ts';

let told: string[];
let voice: Voice;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  voice = openVoice((text) => told.push(text));
});
afterEach(() => vi.useRealTimers());

it('what follows from a trouble is not said, whether it fails before or after it', () => {
  voice.aside('the first to meet the full disk');
  voice.trouble('the disk is full');
  voice.aside('another');
  vi.runAllTimers();
  voice.close();
  expect(told).toEqual(['the disk is full']);
});

it('what fails by itself is said, and again when the trouble is over', () => {
  voice.aside('one');
  vi.runAllTimers();
  voice.trouble('the disk is full');
  voice.relief('there is room again');
  voice.aside('two');
  vi.runAllTimers();
  expect(told).toEqual(['one', 'the disk is full', 'there is room again', 'two']);
});

it('nothing that was held back is lost at the end, and all else is said at once', () => {
  voice.say('now');
  voice.aside('later');
  expect(told).toEqual(['now']);
  voice.close();
  voice.close();
  expect(told).toEqual(['now', 'later']);
});

it('of a failure is said what failed and why, and not again that the disk refuses', () => {
  voice.complain(
    'reading',
    new Failure('file-refused', 'there is no such file', { hint: 'make it' }),
  );
  voice.complain('writing to the disk', new Failure('recording-stopped', 'the disk is full'));
  expect(told).toEqual(['reading failed: there is no such file (make it)']);
});
