import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createVault, redactor } from '../../src/delivery/vault';
import { problem } from '../../src/domain/problem';
import { syncFile } from '../../src/files/sync-file';
import { connectwise } from '../../src/psa/connectwise';
import { forgetCredentials, hasCredentials, rememberCredentials, unlockCredentials } from '../../src/storage/secrets';
import * as scene from '../delivery/scene';
import { onWrites, stageOf } from '../delivery/stage';

describe('remembered credentials', () => {
  it('come back under the passphrase, and only under it', async () => {
    const db = await scene.freshDatabase();
    await rememberCredentials(db, scene.NOW, 'cw', scene.SECRETS, 'correct horse');
    expect(await unlockCredentials(db, 'cw', 'correct horse')).toEqual(scene.SECRETS);
    await expect(unlockCredentials(db, 'cw', 'Correct horse')).rejects.toMatchObject({
      problem: problem('passphrase is wrong', { connection: 'cw' }),
    });
    expect((await db.secrets.get('cw'))?.iterations).toBe(600_000);
  });

  it('cannot be moved to another connection', async () => {
    const db = await scene.freshDatabase();
    await rememberCredentials(db, scene.NOW, 'cw', scene.SECRETS, 'correct horse');
    const record = await db.secrets.get('cw');
    if (record === undefined) throw new Error('it was stored');
    await db.secrets.put({ ...record, connection: 'evil' });
    await expect(unlockCredentials(db, 'evil', 'correct horse')).rejects.toMatchObject({ problem: { code: 'passphrase is wrong' } });
  });

  it('are gone when they are forgotten', async () => {
    const db = await scene.freshDatabase();
    await rememberCredentials(db, scene.NOW, 'cw', scene.SECRETS, 'correct horse');
    await forgetCredentials(db, scene.NOW, 'cw');
    expect(await hasCredentials(db, 'cw')).toBe(false);
    expect(await unlockCredentials(db, 'cw', 'correct horse')).toBe(null);
  });
});

describe('the vault', () => {
  it('keeps credentials until it is locked', () => {
    const vault = createVault();
    vault.keep('cw', scene.SECRETS);
    expect(vault.credentialsOf('cw')).toEqual(scene.SECRETS);
    vault.lock();
    expect(vault.credentialsOf('cw')).toBe(null);
  });
});

describe('no secret', () => {
  it('is left in any table or file after deliveries against an endpoint that repeats what it hears', async () => {
    const staged = await stageOf(
      [[scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')], [scene.updateOf('pro', 2, 3, '501')]],
      {
        faults: onWrites('refuse'),
      },
    );
    const echo: typeof fetch = async (url, init) => {
      const response = await staged.fetch(url, init);
      const heard = JSON.stringify({ code: 'Echo', message: JSON.stringify(init?.headers) });
      return response.status === 400 ? new Response(heard, { status: 400 }) : response;
    };
    await scene.run({ ...staged, fetch: echo });
    await rememberCredentials(staged.db, scene.NOW, 'cw', scene.SECRETS, 'correct horse');
    const tables = await Promise.all(staged.db.tables.map((table) => table.toArray()));
    const bytes = staged.plans
      .flatMap((plan) => Object.values(unzipSync(syncFile([plan], connectwise, { baseUrl: staged.connection.url }).bytes)))
      .map((file) => new TextDecoder().decode(file))
      .join('\n');
    const everything = `${tables.map((rows) => JSON.stringify(rows)).join('\n')}\n${bytes}`;
    const headers = connectwise.authorization(staged.connection, scene.SECRETS);
    const secrets = [...Object.values(scene.SECRETS), 'correct horse', ...(headers.ok ? Object.values(headers.value) : [])];
    expect(everything).toContain('Echo');
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });

  it('survives the redactor, with or without its scheme', () => {
    const redact = redactor({ key: 'privateKey-0815', short: 'ab' }, { Authorization: 'Basic YWNtZTpzZWNyZXQ=' });
    expect(redact('it said Basic YWNtZTpzZWNyZXQ= and YWNtZTpzZWNyZXQ= and privateKey-0815, ab')).toBe(
      'it said [secret] and [secret] and [secret], ab',
    );
  });
});
