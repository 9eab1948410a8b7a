import {
  commands,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
  type TreeDataProvider,
} from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { AccountLine } from '../../push/index.ts';
import { contextKeys, pushCommandIds, viewIds } from '../names.ts';
import { createDebouncer, createPacer } from '../timing.ts';
import type { PushLine } from './pushLine.ts';
import type { Pushes } from './pushes.ts';
import { reviewType } from './pushTexts.ts';
import { pushTree } from './pushTree.ts';

const collapsibleStates: Readonly<Record<PushLine['collapsible'], TreeItemCollapsibleState>> = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};

/**
 * VS Code draws a tree when it has been told of nothing new for 200 ms: told of every write of a fast push, it would show
 * where that began until it has ended.
 */
const pause = 250;

/** Shows the push that is reviewed, runs or has stopped; the view is there as long as one is. */
export function registerPushView(pushes: Pushes): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<void>());
  let lines: readonly PushLine[] = [];
  const provider: TreeDataProvider<PushLine> = {
    onDidChangeTreeData: didChange.event,
    getChildren: (element) => [...(element ? element.children : lines)],
    getTreeItem: (element) => toTreeItem(element),
  };
  const view = store.add(
    window.createTreeView(viewIds.push, { treeDataProvider: provider, showCollapseAll: true }),
  );
  const draw = store.add(createPacer(pause, () => didChange.fire()));
  const show = () => {
    const { stage } = pushes;
    lines = linesOf(pushes);
    view.title = { none: 'Push', review: 'Review', running: 'Push', stopped: 'Push' }[stage.type];
    draw.request();
  };
  // How long a step takes is counted while one runs.
  let timer: ReturnType<typeof setInterval> | undefined;
  const keepTime = (isRunning: boolean) => {
    if (isRunning) timer ??= setInterval(show, 1000);
    else {
      clearInterval(timer);
      timer = undefined;
    }
  };
  store.add({ dispose: () => keepTime(false) });
  store.add(
    pushes.onDidChange((stage) => {
      const { type } = stage;
      const kind = type === 'none' ? '' : reviewType(stage.review);
      void commands.executeCommand('setContext', contextKeys.pushType, kind);
      void commands.executeCommand('setContext', contextKeys.pushStage, type);
      keepTime(type === 'running');
      show();
    }),
  );
  // Whether a review is out of date, and which of its files are saved.
  const look = createDebouncer(300, () => {
    if (pushes.stage.type === 'review') show();
  });
  store.add(look);
  store.add(workspace.onDidChangeTextDocument(look.request));
  store.add(workspace.onDidSaveTextDocument(look.request));
  show();
  return store;
}

function linesOf(pushes: Pushes): readonly PushLine[] {
  const { stage, parts } = pushes;
  if (stage.type === 'none') return [];
  const { review } = stage;
  return pushTree({
    review,
    stage: stage.type,
    account: accountOf(pushes),
    waitingFor: stage.type === 'running' ? (stage.waitingFor ?? []) : [],
    isProtected: parts.connection.isProtected,
    unsaved: stage.type === 'review' ? (stage.subject.unsaved?.() ?? []) : [],
    isOutdated: pushes.isOutdated,
    now: Date.now(),
  });
}

/** Before a push runs its steps all wait. */
function accountOf({ stage, parts }: Pushes): readonly AccountLine[] {
  if (stage.type === 'none') return [];
  const { review } = stage;
  const journal = 'journal' in stage ? stage.journal : undefined;
  const states = review.steps.map(() => ({ type: 'waiting' }) as const);
  return parts.engine.accountOf(
    journal ?? { version: 1, id: '', startedAt: 0, review, states, state: 'running' },
  );
}

function toTreeItem(line: PushLine): TreeItem {
  const item = new TreeItem(line.label, collapsibleStates[line.collapsible]);
  const { icon, target } = line;
  item.id = line.id;
  item.description = line.description;
  item.tooltip = line.tooltip;
  item.contextValue = line.contextValue;
  item.accessibilityInformation = {
    label: [line.label, line.description].filter(Boolean).join(', '),
  };
  if (icon) {
    item.iconPath = icon.color
      ? new ThemeIcon(icon.id, new ThemeColor(icon.color))
      : new ThemeIcon(icon.id);
  }
  const isOpened = target?.type === 'question' ? target.question.push !== undefined : target;
  if (isOpened && target?.type !== 'step') {
    item.command = { command: pushCommandIds.compare, title: 'Compare', arguments: [line] };
  }
  return item;
}
