import { EventEmitter } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import type { JsonObject } from '../engine/index.ts';
import type { ControlPlaneSession, Identity } from '../kube/index.ts';
import {
  accessProblem,
  isKubeError,
  namesNobody,
  problemOfUser,
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

  /** Reads events of a member, newest last. Rejects with `KubeError`, having noted that the member is out of reach. */
  async events(
    session: ControlPlaneSession,
    cluster: string,
    reference: ObjectReference,
    signal?: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    try {
      const events = await session.memberEvents(cluster, reference, signal);
      // Objects may still be refused there.
      if (this.#problems.get(cluster)?.type !== 'member') this.#note(cluster, undefined);
      return events;
    } catch (error) {
      const problem = isKubeError(error) ? problemIn(error) : undefined;
      // Who may not read events may read objects all the same.
      if (problem && problem.type !== 'member') this.#note(cluster, problem);
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

const identities = new WeakMap<ControlPlaneSession, Promise<Identity | undefined>>();

/** The problem with the user's name, which the control plane is asked for once where the refusal names nobody. */
export async function withUser(
  session: ControlPlaneSession,
  problem: AccessProblem,
): Promise<AccessProblem> {
  if (!namesNobody(problem)) return problem;
  let asked = identities.get(session);
  if (!asked) {
    // Who may not ask that fills the name in by hand.
    asked = session.whoAmI().catch(() => undefined);
    identities.set(session, asked);
  }
  const identity = await asked;
  return identity ? problemOfUser(problem, identity) : problem;
}
