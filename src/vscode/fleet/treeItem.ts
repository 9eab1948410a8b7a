import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Node, NodeIcon, ObjectReference } from '../../live/index.ts';
import { whyCommandId } from '../names.ts';

/** What tree commands are called with: the object that a line stands for, and the cluster it is shown under. */
export interface TreeElement {
  readonly id: string;
  readonly label: string;
  readonly reference?: ObjectReference;
  readonly cluster?: string;
}

const collapsibleStates: Readonly<Record<Node['collapsible'], TreeItemCollapsibleState>> = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};

/** A line as VS Code draws it. Its tooltip is made when the mouse rests on it. */
export function toTreeItem(node: Node, element: TreeElement): TreeItem {
  const item = new TreeItem(node.label, collapsibleStates[node.collapsible]);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibilityLabel };
  if (node.icon) item.iconPath = toThemeIcon(node.icon);
  if (/^(release|source|onCluster) /.test(node.contextValue)) {
    item.command = { command: whyCommandId, title: 'Why', arguments: [element] };
  }
  return item;
}

function toThemeIcon({ id, color }: NodeIcon): ThemeIcon {
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}
