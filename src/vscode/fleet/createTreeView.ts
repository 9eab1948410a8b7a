import { window, type TreeView } from 'vscode';
import type { DisposableStore } from '../../base/lifecycle.ts';
import type { FleetTree } from './fleetTree.ts';
import type { TreeElement } from './treeItem.ts';

/** A view of a tree, which draws nothing while it is hidden. */
export function createTreeView(
  id: string,
  tree: FleetTree,
  store: DisposableStore,
): TreeView<TreeElement> {
  const view = store.add(
    window.createTreeView(id, {
      treeDataProvider: tree,
      canSelectMany: true,
      showCollapseAll: true,
    }),
  );
  store.add(view.onDidChangeVisibility(({ visible }) => tree.setVisible(visible)));
  tree.setVisible(view.visible);
  return view;
}
