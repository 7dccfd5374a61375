import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** A static host that can be stopped and started again on the same port. */
export interface StaticServer {
  /** Address of the folder's index, with a closing slash. */
  readonly url: string;
  stop(): Promise<void>;
  /** Listens on the same port again after stop(). */
  restart(): Promise<void>;
}

/**
 * Serves a folder below a sub-path (such as '/pages/app/') of a free loopback port, as a plain static host does:
 * no rewriting and no fallback, so anything that is not a file is a 404.
 */
export async function serveFolder(folder: string, { path = '/', port = 0 }: { path?: string; port?: number } = {}): Promise<StaticServer> {
  const base = `/${path.split('/').filter(Boolean).join('/')}/`.replace('//', '/');
  let server = createServer(answer);
  const listen = async (at: number) => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(at, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  const chosen = await listen(port);
  return {
    url: `http://127.0.0.1:${chosen}${base}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    restart: async () => {
      server = createServer(answer);
      await listen(chosen);
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    void respond(folder, base, request, response);
  }
}

async function respond(folder: string, base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const path = normalize(decodeURIComponent(pathname)).replaceAll('\\', '/');
  if (!path.startsWith(base)) {
    refuse(response);
    return;
  }
  const file = path.endsWith('/') ? `${path.slice(base.length)}index.html` : path.slice(base.length);
  try {
    const body = await readFile(join(folder, file));
    response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    refuse(response);
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
};
