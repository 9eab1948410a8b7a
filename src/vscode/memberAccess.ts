import { EventEmitter } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import type { JsonObject } from '../engine/index.ts';
import type { ControlPlaneSession } from '../kube/index.ts';
import {
  accessProblem,
  isKubeError,
  type AccessProblem,
  type KubeError,
  type ObjectReference,
} from '../live/index.ts';
import type { Connection } from './connection/connection.ts';

/** Which members could not be read for want of a right, as it was when they were tried last. */
export class MemberAccess implements Disposable {
  readonly #didChange = new EventEmitter<string>();
  readonly #problems = new Map<string, AccessProblem>();
  readonly #model: Disposable;

  /** Fires with the name of a cluster whose problem came or went. */
  readonly onDidChange = this.#didChange.event;

  constructor(connection: Connection) {
    this.#model = connection.onDidChangeModel(() => this.#problems.clear());
  }

  /** The right that was missing when something of a member was read last. */
  problemOf(cluster: string): AccessProblem | undefined {
    return this.#problems.get(cluster);
  }

  /** Reads an object of a member. Rejects with `KubeError`, having noted a right that is missing. */
  async get(
    session: ControlPlaneSession,
    cluster: string,
    reference: ObjectReference,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    try {
      const object = await session.memberGet(cluster, reference, signal);
      this.#note(cluster, undefined);
      return object;
    } catch (error) {
      if (isKubeError(error)) this.#note(cluster, problemIn(error));
      throw error;
    }
  }

  dispose(): void {
    this.#model.dispose();
    this.#didChange.dispose();
  }

  #note(cluster: string, problem: AccessProblem | undefined): void {
    if (this.#problems.get(cluster)?.type === problem?.type) return;
    if (problem) this.#problems.set(cluster, problem);
    else this.#problems.delete(cluster);
    this.#didChange.fire(cluster);
  }
}

/** The missing right behind a failure; `undefined` when it is another failure. */
export function problemIn({ reason, message, detail }: KubeError): AccessProblem | undefined {
  return reason === 'forbidden' ? accessProblem(`${detail}\n${message}`) : undefined;
}
