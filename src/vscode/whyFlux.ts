import type { Disposable } from '../base/lifecycle.ts';
import type { ControlPlaneSession } from '../kube/index.ts';
import { isKubeError, type FluxQuestion, type FluxReading } from '../live/index.ts';
import { problemIn, type MemberAccess } from './memberAccess.ts';

/** Milliseconds that a member may take to tell its events. */
const limit = 10_000;

/** Events of a member that a text wants. */
interface Asked extends FluxQuestion {
  readonly session: ControlPlaneSession;
}

interface Answer {
  readonly session: ControlPlaneSession;
  version: string;
  reading: FluxReading;
  isUnderWay: boolean;
}

/** Flux's events on members, read while a text shows what is known. */
export class WhyFlux implements Disposable {
  readonly #answers = new Map<string, Answer>();
  readonly #ended = new AbortController();
  readonly #access: MemberAccess;
  readonly #changed: () => void;

  /** @param changed is called when something new is known */
  constructor(access: MemberAccess, changed: () => void) {
    this.#access = access;
    this.#changed = changed;
  }

  /** What is known now; reads what is not, once at a time for each text. */
  reading(text: string, question: Asked): FluxReading {
    const { session, version } = question;
    let answer = this.#answers.get(text);
    if (answer?.session !== session) {
      answer = { session, version: '', reading: { type: 'reading' }, isUnderWay: false };
      this.#answers.set(text, answer);
    }
    if (answer.version !== version && !answer.isUnderWay) void this.#read(answer, question);
    return answer.reading;
  }

  /** A text is closed. */
  forget(text: string): void {
    this.#answers.delete(text);
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #read(answer: Answer, question: Asked): Promise<void> {
    answer.isUnderWay = true;
    answer.version = question.version;
    answer.reading = await this.#ask(question);
    answer.isUnderWay = false;
    if (!this.#ended.signal.aborted) this.#changed();
  }

  async #ask({ session, cluster, objects }: Asked): Promise<FluxReading> {
    const tooLong = AbortSignal.timeout(limit);
    const signal = AbortSignal.any([this.#ended.signal, tooLong]);
    try {
      const events = await Promise.all(
        objects.map((object) => this.#access.events(session, cluster, object, signal)),
      );
      return { type: 'read', events: events.flat() };
    } catch (error) {
      if (tooLong.aborted) {
        return { type: 'failed', message: `no answer within ${limit / 1000} seconds.` };
      }
      if (!isKubeError(error)) return { type: 'failed', message: String(error) };
      const problem = problemIn(error);
      return problem ? { type: 'refused', problem } : { type: 'failed', message: error.message };
    }
  }
}
