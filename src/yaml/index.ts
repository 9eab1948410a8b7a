/** Text ↔ objects with ranges: the only door of this folder. */
export { readGoYaml } from './goYaml.ts';
export { printYaml } from './print.ts';
