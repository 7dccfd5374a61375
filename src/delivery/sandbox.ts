import type { Json } from '../domain/canonical';
import type { SandboxState } from '../sandbox/sandbox';
import type { Channel, ChannelKind, Exchange, Outgoing, Surroundings } from './channel';

/** The demo: the PSA answers inside the page, loaded when the first request goes. What it applied is kept with its state. */
export const sandbox: ChannelKind = {
  id: 'sandbox',
  sends: true,
  needsUrl: false,
  needsCredentials: false,
  fields: [],
  open: (surroundings): Channel => ({ send: (request) => ask(surroundings, request) }),
};

async function ask({ sandbox: change, authorization, now }: Surroundings, request: Outgoing): Promise<Exchange> {
  const { answer } = await import('../sandbox');
  const { method, path, query, headers, body } = request;
  let exchange: Exchange = { kind: 'no answer', reason: 'TimeoutError' };
  await change((held) => {
    const asked = {
      method: method as 'GET',
      path,
      query,
      headers: { ...headers, ...authorization },
      body: body === null ? null : (JSON.parse(body) as Json),
    };
    const handled = answer(held as SandboxState, asked, { now: now() });
    if (handled.answer !== null) {
      const { status, headers: told, body: content, text } = handled.answer;
      exchange = { kind: 'answered', from: 'psa', answer: { status, headers: told, body: content }, text };
    }
    return { state: { ...handled.state, ledger: [] }, applied: handled.state.ledger };
  });
  return exchange;
}
