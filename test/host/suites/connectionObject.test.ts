import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ControlPlaneSession, Kubeconfig, SessionState } from '../../../src/kube/index.ts';
import { KubeError } from '../../../src/live/index.ts';
import { Connection } from '../../../src/vscode/connection/connection.ts';
import type { KubeClient } from '../../../src/vscode/connection/kubeClient.ts';

/** A session that does what the test says and notes what is done to it. */
class FakeSession {
  readonly held = new Map<string, number>();
  readonly info = {
    isKarmada: true,
    kubernetesVersion: 'v1.36.1',
    karmadaVersion: '',
    served: new Map<string, readonly string[]>(),
    resources: [],
  };
  state: SessionState = { type: 'connecting', streams: new Map() };
  isDisposed = false;
  retries = 0;
  readonly #listeners = new Set<(state: SessionState) => void>();

  onDidChangeState(listener: (state: SessionState) => void) {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  onDidChangeRows() {
    return { dispose: () => undefined };
  }

  hold(interest: string) {
    const change = (by: number) => this.held.set(interest, (this.held.get(interest) ?? 0) + by);
    change(1);
    return { dispose: () => void change(-1) };
  }

  retry() {
    this.retries += 1;
  }

  dispose() {
    this.isDisposed = true;
  }

  become(type: SessionState['type'], error?: KubeError) {
    this.state = { type, streams: new Map(), ...(error && { error }) };
    for (const listener of this.#listeners) listener(this.state);
  }
}

describe('the connection', () => {
  let sessions: FakeSession[] = [];
  let user = '';
  let server = '';
  let contexts: readonly string[] = [];
  let mayConnect = true;
  let loads = 0;
  let connection: Connection;
  const log = vscode.window.createOutputChannel('Karmada test', { log: true });

  const kube = {
    kubeconfigFiles: () => [],
    watchedPaths: () => [],
    loadKubeconfig: () =>
      Promise.resolve({
        contexts: new Map(contexts.map((name) => [name, {}])),
        fingerprint: `${user} ${server} ${contexts.join()}`,
      } as unknown as Kubeconfig),
    listContexts: () => contexts.map((name) => ({ name, server })),
    contextFingerprint: (_: Kubeconfig, name: string) =>
      contexts.includes(name) ? `${user} ${server} ${name}` : '',
    resolveContext: () => ({}),
    createSession: () => {
      const session = new FakeSession();
      sessions.push(session);
      return session as unknown as ControlPlaneSession;
    },
  } as unknown as KubeClient;

  beforeEach(() => {
    [sessions, user, server, contexts] = [[], 'ann', 'https://hub', ['fleet', 'other']];
    [mayConnect, loads] = [true, 0];
    connection = new Connection({
      load: () => {
        loads += 1;
        return Promise.resolve(kube);
      },
      kubeconfigPaths: () => [],
      readOnlyContexts: () => ['prod-*', 'other'],
      protectedContexts: () => [],
      obstacle: () => (mayConnect ? undefined : 'Not here.'),
      log,
    });
  });

  afterEach(() => connection.dispose());

  /** Connects and lets the session come up. */
  async function connectTo(context: string): Promise<FakeSession> {
    const connecting = connection.connect(context);
    while (sessions.at(-1)?.isDisposed !== false) await Promise.resolve();
    const session = sessions.at(-1);
    assert.ok(session);
    session.become('live');
    await connecting;
    return session;
  }

  it('loads nothing before it is told to connect, nor where it must not', async () => {
    connection.hold('clusters').dispose();
    await connection.checkKubeconfig();
    assert.equal(loads, 0);
    mayConnect = false;
    const state = await connection.connect('fleet');
    assert.equal(state.type, 'disconnected');
    assert.equal(loads, 0);
  });

  it('holds what views need over sessions, and lets go of it', async () => {
    const held = connection.hold('releases');
    const first = await connectTo('fleet');
    assert.equal(first.held.get('releases'), 1);
    const second = await connectTo('other');
    assert.ok(first.isDisposed);
    assert.equal(second.held.get('releases'), 1);
    held.dispose();
    held.dispose();
    assert.equal(second.held.get('releases'), 0);
    await Promise.resolve();
    assert.equal(second.held.get('clusters'), 0, 'the first list is held on');
  });

  it('is gone with all that it has when it is disposed', async () => {
    const session = await connectTo('fleet');
    connection.dispose();
    assert.ok(session.isDisposed);
  });

  it('keeps the model for new credentials, and begins anew on another server', async () => {
    const first = await connectTo('fleet');
    const { model } = connection;
    user = 'bob';
    await connection.checkKubeconfig();
    assert.ok(first.isDisposed);
    assert.equal(sessions.length, 2);
    assert.equal(connection.model, model);
    assert.equal(connection.state.type, 'live');
    sessions[1]?.become('live');
    server = 'https://elsewhere';
    const again = connection.checkKubeconfig();
    while (sessions.length < 3) await Promise.resolve();
    assert.notEqual(connection.model, model);
    assert.equal(connection.state.type, 'connecting');
    sessions[2]?.become('live');
    await again;
  });

  it('does nothing when another context changed', async () => {
    const session = await connectTo('fleet');
    contexts = ['fleet'];
    await connection.checkKubeconfig();
    assert.equal(sessions.length, 1);
    assert.equal(session.isDisposed, false);
    assert.equal(session.retries, 0);
  });

  it('tries nothing again for a hint alone', async () => {
    const session = await connectTo('fleet');
    session.become('failed', new KubeError('credentials', 'The program failed.'));
    assert.equal(connection.state.type, 'stale');
    await connection.checkKubeconfig(true);
    assert.equal(session.retries, 0);
    await connection.checkKubeconfig();
    assert.equal(session.retries, 1);
  });

  it('gives up an attempt that another one overtakes', async () => {
    const first = connection.connect('fleet');
    const second = connection.connect('other');
    while (sessions.length === 0) await Promise.resolve();
    assert.equal(sessions.length, 1);
    sessions[0]?.become('live');
    await Promise.all([first, second]);
    assert.equal(connection.context, 'other');
    connection.disconnect();
    assert.ok(sessions[0]?.isDisposed);
  });

  it('names the contexts that are read-only', async () => {
    await connectTo('fleet');
    assert.equal(connection.readOnlyReason, undefined);
    await connectTo('other');
    assert.match(connection.readOnlyReason ?? '', /^other is read-only by the setting/);
  });
});
