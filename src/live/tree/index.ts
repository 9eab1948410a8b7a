/** The trees of the views, as plain data. */
export { ageText } from './age.ts';
export { createClustersTree } from './clustersTree.ts';
export type { Node, NodeIcon, Tree } from './node.ts';
export { createReleasesTree, troubledReleases } from './releasesTree.ts';
export type { TreeInput } from './treeInput.ts';
export { createShownLines } from './shownLines.ts';
export { defaultViewOptions, isFiltered, readViewOptions } from './viewOptions.ts';
export type { Grouping, ViewOptions } from './viewOptions.ts';
