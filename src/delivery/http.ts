/** More than this is not an answer of a PSA; the rest of it is not read. */
const MOST_BYTES = 1_048_576;

export type Fetched =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly kind: 'no answer'; readonly reason: string };

/**
 * One call that a browser cannot repeat to another place, cache or decorate with cookies. The time limit covers the body. Everything
 * that leaves the outcome open is `no answer`: the page cannot tell a refused connection from one that broke after the effect.
 */
export async function call(
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | URLSearchParams | FormData | null;
  },
  means: { readonly fetch: typeof fetch; readonly timeout: number },
): Promise<Fetched> {
  try {
    const response = await means.fetch(url, {
      method: init.method,
      headers: init.headers,
      body: init.body,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(means.timeout),
    });
    const text = await capped(response);
    if (text === null) return { kind: 'no answer', reason: 'answer is too large' };
    return { kind: 'answered', status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (reason) {
    return { kind: 'no answer', reason: reason instanceof Error ? reason.name : 'Error' };
  }
}

/** JSON, or undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function capped(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
