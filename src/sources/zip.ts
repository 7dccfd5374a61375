import { unzipSync } from 'fflate';
import { problem, ProblemError } from '../domain/problem';
import { LIMITS } from '../domain/limits';
import type { SourceFile } from './source';

/** The files of a zip, or the file itself when it is none. Throws `file is too large` before anything beyond the caps is unpacked. */
export function unpackFile(file: SourceFile): SourceFile[] {
  if (!isZip(file.bytes)) return [file];
  let total = 0;
  const unpacked = unzipSync(file.bytes, {
    filter: ({ name, originalSize, size }) => {
      if (isClutter(name)) return false;
      total += originalSize;
      const bomb = originalSize > Math.max(size, 1) * LIMITS.zipRatio && originalSize > 1_000_000;
      if (bomb || total > LIMITS.bytes)
        throw new ProblemError(problem('file is too large', { file: `${file.name}/${name}`, bytes: total, limit: LIMITS.bytes }));
      return true;
    },
  });
  return Object.entries(unpacked).map(([name, bytes]) => ({ name: `${file.name}/${name}`, bytes }));
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

function isClutter(name: string): boolean {
  return name.endsWith('/') || name.startsWith('__MACOSX/') || (name.split('/').at(-1) ?? '').startsWith('.');
}
