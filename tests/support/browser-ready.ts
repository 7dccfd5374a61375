import { installChromium } from './chromium.ts';

/** First step of `npm test`: finds a browser, or installs one. Returns the exit code. */
export function main(): number {
  try {
    console.log(`Browser: ${installChromium()}`);
    return 0;
  } catch (reason) {
    console.error(reason instanceof Error ? reason.message : reason);
    return 1;
  }
}
