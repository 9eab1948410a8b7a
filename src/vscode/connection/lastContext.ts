import type { Memento } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Connection } from './connection.ts';

const key = 'connection.lastContext';

interface Remembered {
  readonly context: string;
  /** False after the user has disconnected. */
  readonly isWanted: boolean;
}

/** Which context this workspace was connected to last; kept over sessions of VS Code. */
export class LastContext {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
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
    return this.#memento.get<Remembered>(key);
  }

  #write(next: Remembered): void {
    const { context, isWanted } = this;
    if (context === next.context && isWanted === next.isWanted) return;
    void this.#memento.update(key, next);
  }
}
