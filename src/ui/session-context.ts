import { getContext } from 'svelte';
import type { Session } from './session.svelte';

/** The context key of the ways between workspaces. */
export const SESSION = Symbol('session');

/** The ways between workspaces: open, reset, delete. Only the shell and Settings need them. */
export function session(): Pick<Session, 'openDemo' | 'openOwn' | 'resetDemo' | 'deleteWorkspace'> {
  return getContext<Session>(SESSION);
}
