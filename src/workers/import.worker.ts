import { importer } from './importer';

const obey = importer((reply) => postMessage(reply));
addEventListener('message', ({ data }: MessageEvent<unknown>) => obey(data));
