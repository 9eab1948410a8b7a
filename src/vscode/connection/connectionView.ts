import { window, type TreeView } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { Interest } from '../../kube/index.ts';
import { holdWhile } from '../holdWhile.ts';
import { plainMessage } from '../plainMessage.ts';
import type { ConnectionParts } from './connectionParts.ts';
import { staleMessage } from './connectionText.ts';

/** The part of a `TreeView` that shows the connection. */
type View = Pick<
  TreeView<unknown>,
  'description' | 'message' | 'onDidChangeVisibility' | 'visible'
>;

/**
 * Lets a tree view show how the connection is, and be fed while it can be seen: the context beside its title, the age
 * of what is out of date above its rows, progress while connecting. `message` is what the view has to say besides;
 * call the answer's `refresh` when that changes.
 */
export function showConnection(
  view: View,
  { id, interest, message = () => '' }: ViewOptions,
  { connection, clock, last, startUp }: ConnectionParts,
): Disposable & { refresh(): void } {
  const store = new DisposableStore();
  const held = store.add(
    holdWhile(
      () => view.visible,
      () => connection.hold(interest),
    ),
  );
  const show = () => {
    const { state, context } = connection;
    view.description = context || last.context;
    const login = plainMessage(connection.login);
    const lines = [login, staleMessage(state, Date.now()), message()].filter(Boolean);
    // An empty message is one that is not there; the typings do not say so.
    view.message = lines.join('\n');
    progress(state.type === 'connecting');
  };
  let done: (() => void) | undefined;
  const progress = (isWanted: boolean) => {
    if (!isWanted) {
      done?.();
      done = undefined;
    } else if (!done) {
      const end = new Promise<void>((resolve) => (done = resolve));
      void window.withProgress({ location: { viewId: id } }, () => end);
    }
  };
  const follow = () => {
    held.follow();
    if (view.visible) startUp();
  };
  store.add({ dispose: () => progress(false) });
  store.add(clock.onDidTick(show));
  store.add(view.onDidChangeVisibility(follow));
  show();
  follow();
  return { refresh: show, dispose: () => store.dispose() };
}

interface ViewOptions {
  readonly id: string;
  readonly interest: Interest;
  readonly message?: () => string;
}
