import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs the mock server and the collection runner beside the app's own packages, when they are not there yet. */
export default function setup(): void {
  if (existsSync('tests/oracles/node_modules')) return;
  const { status } = spawnSync('npm', ['ci', '--prefix', 'tests/oracles', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The oracles could not be installed: npm ci --prefix tests/oracles failed.');
}
