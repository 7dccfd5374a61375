// Runs one TypeScript file of the tests under Node 20, which cannot strip types by itself: node tests/support/run.js <file> [arguments]
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const file = process.argv[2];
if (file === undefined) throw new Error('Name the TypeScript file to run.');
const { module } = await runnerImport(resolve(file), { configFile: false, logLevel: 'warn' });
process.exitCode = await module.main(process.argv.slice(3));
