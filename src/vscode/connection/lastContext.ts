import type { Disposable } from '../../base/lifecycle.ts';
import type { Connection } from './connection.ts';

const key = 'connection.lastContext';

/** The part of VS Code's `Memento` that is used. */
interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface Remembered {
  readonly context: string;
  /** False after the user has disconnected. */
  readonly isWanted: boolean;
}

/** Which context this workspace was connected to last; kept over sessions of VS Code. */
export class LastContext {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** '' when there was none. */
  get context(): string {
    return this.#read()?.context ?? '';
  }

  /** The user was connected to it at the end. */
  get isWanted(): boolean {
    return this.#read()?.isWanted ?? false;
  }

  /** Remembers what the connection gets to. */
  follow(connection: Pick<Connection, 'onDidChangeState'>): Disposable {
    return connection.onDidChangeState((state) => {
      if (state.type === 'live') this.#write({ context: state.context, isWanted: true });
      if (state.type === 'disconnected' && this.isWanted) {
        this.#write({ context: this.context, isWanted: false });
      }
    });
  }

  #read(): Remembered | undefined {
    const value = this.#memory.get(key) as Partial<Remembered> | undefined;
    if (typeof value?.context !== 'string') return undefined;
    return { context: value.context, isWanted: value.isWanted === true };
  }

  #write(next: Remembered): void {
    const { context, isWanted } = this;
    if (context === next.context && isWanted === next.isWanted) return;
    void this.#memory.update(key, next);
  }
}
