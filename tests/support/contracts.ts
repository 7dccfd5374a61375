import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder of vendor contracts (OpenAPI files and notes); it lives beside the repository and is optional. */
export const contractsFolder = resolve(process.env['TALLYLINE_CONTRACTS'] ?? '../shared/psa');

/** True when the vendor contracts are there, so the tests that rest on them can run. */
export const hasContracts = existsSync(resolve(contractsFolder, 'connectwise.openapi.json'));
