import type { Protocol } from '../domain/agreement';
import type { ChannelKind } from './channel';
import { file } from './file';
import { psaApi } from './psa-api';
import { relay } from './relay';
import { sandbox } from './sandbox';

/** Every way for a request to leave, by protocol. */
export const channels: Readonly<Record<Protocol, ChannelKind>> = { file, psa: psaApi, relay, sandbox };
