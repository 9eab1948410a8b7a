import { isObject } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { KubeError } from '../live/index.ts';
import { parseExactJson } from './exactJson.ts';

const newline = 0x0a;
/** An etcd value is at most a few MB; a line beyond this comes from no API server. */
const longestLine = 128 * 1024 * 1024;

/** Cuts bytes into lines and parses them. */
export interface JsonLines {
  push(bytes: Buffer): void;
  /** Whether bytes of an unfinished line are held. */
  readonly isInLine: boolean;
}

/**
 * Each line becomes a JSON object. Bytes are kept as they come and decoded a line at a time, so that neither a long
 * line nor a character that is split between two chunks costs anything. Throws `KubeError` on a line that is no object.
 */
export function createJsonLines(server: string, onLine: (value: JsonObject) => void): JsonLines {
  let pieces: Buffer[] = [];
  let length = 0;
  const finish = (): void => {
    const line = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length);
    pieces = [];
    length = 0;
    const text = line.toString('utf8');
    if (text.trim() !== '') onLine(parseObject(text, server));
  };
  const hold = (piece: Buffer): void => {
    if (piece.length === 0) return;
    pieces.push(piece);
    length += piece.length;
    if (length > longestLine) throw malformed(server);
  };
  return {
    push(bytes) {
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        hold(bytes.subarray(start, end));
        start = end + 1;
        finish();
      }
      hold(bytes.subarray(start));
    },
    get isInLine() {
      return length > 0;
    },
  };
}

/** Parses an answer that must be a JSON object. Throws `KubeError`, which shows nothing of the text. */
export function parseObject(text: string, server: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(server);
  }
  if (isObject(value)) return value;
  throw malformed(server);
}

/** The same, with integers that a number cannot hold as `bigint`. */
export function parseExactObject(text: string, server: string): JsonObject {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    throw malformed(server);
  }
  if (isObject(value)) return value;
  throw malformed(server);
}

function malformed(server: string): KubeError {
  return new KubeError(
    'malformed',
    `${server} answers with something that is not JSON of Kubernetes. Check the server and the proxy in the kubeconfig.`,
  );
}
