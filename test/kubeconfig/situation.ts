import type { KubeErrorReason } from '../../src/live/index.ts';
import type { EchoServers, Seen } from './echoServers.ts';

/** A set of kubeconfig files and what kubectl and we make of it. */
export interface Situation {
  readonly name: string;
  /** By path below the situation's own folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Path of --kubeconfig. */
  readonly given?: string;
  /** Paths of KUBECONFIG; '' is an empty entry. Default: `config`. */
  readonly list?: readonly string[];
  /** --context. */
  readonly context?: string;
  readonly result: Success | Failure;
}

/** Both reach a server which sees the same; these parts of it are known. */
export interface Success {
  readonly type: 'seen';
  readonly seen: Partial<Seen>;
}

/** Both fail. */
export interface Failure {
  readonly type: 'fails';
  /** In what kubectl prints. */
  readonly kubectl: RegExp;
  readonly reason: KubeErrorReason;
  readonly message: RegExp;
  /** In our details. */
  readonly detail?: RegExp;
}

/** Files start with a slash-free path; those that begin with `#!` are made executable. */
export type Maker = (servers: EchoServers) => readonly Situation[];

export function seen(parts: Partial<Seen>): Success {
  return { type: 'seen', seen: parts };
}

export function fails(
  kubectl: RegExp,
  reason: KubeErrorReason,
  message: RegExp,
  detail?: RegExp,
): Failure {
  return { type: 'fails', kubectl, reason, message, ...(detail && { detail }) };
}

type Json = Readonly<Record<string, unknown>>;

export interface Parts {
  readonly cluster?: Json;
  readonly user?: Json;
  readonly context?: Json;
  readonly more?: Json;
}

/** A kubeconfig with the context, cluster and user `main`. YAML is a superset of its JSON. */
export function config({ cluster = {}, user = {}, context = {}, more = {} }: Parts): string {
  const file = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'main', cluster }],
    users: [{ name: 'main', user }],
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'main', ...context } }],
    'current-context': 'main',
    ...more,
  };
  return JSON.stringify(file, null, 1);
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
