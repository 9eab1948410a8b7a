interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: the arguments are escaped already. */
  readonly isVerbatim: boolean;
}

/**
 * What to start for a program. On Windows Node refuses to start batch files, which `az` and others are, so they go
 * through the command processor, escaped for it.
 */
export function commandLine(
  file: string,
  args: readonly string[],
  platform: NodeJS.Platform,
  shell = 'cmd.exe',
): CommandLine {
  if (platform !== 'win32' || !/\.(?:cmd|bat)$/i.test(file)) {
    return { file, args, isVerbatim: false };
  }
  const line = [escapeMeta(`"${file}"`), ...args.map(escapeArgument)].join(' ');
  return { file: shell, args: ['/d', '/s', '/c', `"${line}"`], isVerbatim: true };
}

/** Quoted for the program, then escaped twice: the batch file hands its arguments on through the processor again. */
function escapeArgument(argument: string): string {
  const quoted = argument.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1');
  return escapeMeta(escapeMeta(`"${quoted}"`));
}

function escapeMeta(text: string): string {
  return text.replaceAll(/[()\][%!^"`<>&|;, *?]/g, '^$&');
}
