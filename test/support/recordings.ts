import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * The recorded control planes of a file, as a workspace can hold them. They took objects of several versions of Flux
 * beside each other, which no release of Flux serves. To Karmada a version is a text; in another group the old ones are
 * kinds that nobody knows.
 */
export function readRecordings<T>(file: string): T[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(withoutOldVersions(line)) as T);
}

function withoutOldVersions(text: string): string {
  return text.replaceAll(
    /\b(helm|source)\.toolkit\.fluxcd\.io\/(v\d+beta\d+)/g,
    '$1.example.com/$2',
  );
}
