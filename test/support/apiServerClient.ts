import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

/** What is asked of an API server by a test itself, never through the code under test. */
export interface ApiServerClient {
  /** The parsed answer; fails the test on any status but 2xx. */
  send: <T = KubeObject>(method: string, path: string, body?: unknown, type?: string) => Promise<T>;
  /** The status and the text, whatever they are. */
  raw: (
    method: string,
    path: string,
    body?: unknown,
    type?: string,
  ) => Promise<{ status: number; text: string }>;
  /** Hands over each line of a watch, parsed, until it is stopped; `onEnd` is called when the server ends it. */
  watch: (
    path: string,
    onEvent: (event: unknown) => void,
    onEnd: (why: string) => void,
  ) => () => void;
  dispose: () => void;
}

/** Any object of Kubernetes, as JSON has it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface KubeList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly KubeObject[];
}

/** A client with kept connections for an address, an authority's certificate and a token or client certificate. */
export function apiServerClient(target: {
  address: string;
  ca: string;
  token?: string;
  cert?: string;
  key?: string;
}): ApiServerClient {
  const { address, ca, token, cert, key } = target;
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca, cert, key });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const raw: ApiServerClient['raw'] = (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = {
        ...authorization,
        accept: 'application/json',
        ...(data === undefined ? {} : { 'content-type': type, 'content-length': data.length }),
      };
      const asked = request(new URL(path, address), { method, agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      asked.on('error', reject);
      asked.end(data);
    });
  return {
    raw,
    watch: (path, onEvent, onEnd) => {
      let rest = '';
      const asked = request(new URL(path, address), { agent, headers: authorization }, (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          const lines = `${rest}${chunk}`.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) onEvent(JSON.parse(line));
        });
        answer.on('error', (error) => onEnd(String(error)));
        answer.on('end', () => onEnd(`the server ended it with ${answer.statusCode}`));
      });
      asked.on('error', (error) => onEnd(String(error)));
      asked.end();
      return () => asked.destroy();
    },
    send: async <T>(method: string, path: string, body?: unknown, type?: string) => {
      const { status, text } = await raw(method, path, body, type);
      assert.ok(status >= 200 && status < 300, `${method} ${path}: ${status} ${text}`);
      return JSON.parse(text) as T;
    },
    dispose: () => agent.destroy(),
  };
}

/** Reads the current context of a kubeconfig with its certificates in it. */
export function clientOfKubeconfig(path: string): ApiServerClient {
  interface Named {
    readonly name: string;
  }
  interface Config {
    readonly 'current-context': string;
    readonly contexts: readonly (Named & { context: { cluster: string; user: string } })[];
    readonly clusters: readonly (Named & { cluster: Record<string, string> })[];
    readonly users: readonly (Named & { user: Record<string, string> })[];
  }
  const config = parse(readFileSync(path, 'utf8')) as Config;
  const find = <T extends Named>(list: readonly T[], name: string): T => {
    const found = list.find((entry) => entry.name === name);
    assert.ok(found, `${path} has no ${name}`);
    return found;
  };
  const { cluster, user } = find(config.contexts, config['current-context']).context;
  const text = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString();
  const server = find(config.clusters, cluster).cluster;
  const account = find(config.users, user).user;
  return apiServerClient({
    address: server['server'] ?? '',
    ca: text(server['certificate-authority-data']),
    cert: text(account['client-certificate-data']),
    key: text(account['client-key-data']),
  });
}
