import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import type { TextFolder } from './textFolder.ts';

/** A folder of the extension's own storage, made when something is first written to it. */
export function createStorageFolder(folder: Uri): TextFolder {
  let last = 0;
  const fill = async (file: Uri, text: string): Promise<void> => {
    const bytes = new TextEncoder().encode(text);
    try {
      await workspace.fs.writeFile(file, bytes);
    } catch {
      await workspace.fs.createDirectory(folder);
      await workspace.fs.writeFile(file, bytes);
    }
  };
  /** Written beside its place and moved there. */
  const put = async (name: string, text: string, overwrite: boolean): Promise<void> => {
    const draft = Uri.joinPath(folder, `${name}.${crypto.randomUUID()}.${last++}.tmp`);
    await fill(draft, text);
    try {
      await workspace.fs.rename(draft, Uri.joinPath(folder, name), { overwrite });
    } catch (error) {
      await absent(workspace.fs.delete(draft));
      throw error;
    }
  };
  return {
    async names() {
      const entries = (await absent(workspace.fs.readDirectory(folder))) ?? [];
      return entries.filter(([, type]) => (type & FileType.File) !== 0).map(([name]) => name);
    },
    async read(name) {
      const bytes = await absent(workspace.fs.readFile(Uri.joinPath(folder, name)));
      return bytes && new TextDecoder().decode(bytes);
    },
    write: (name, text) => put(name, text, true),
    begin: (name, text) => fill(Uri.joinPath(folder, name), text),
    async create(name, text) {
      try {
        await put(name, text, false);
        return true;
      } catch (error) {
        if (error instanceof FileSystemError && error.code === 'FileExists') return false;
        throw error;
      }
    },
    async remove(name) {
      await absent(workspace.fs.delete(Uri.joinPath(folder, name)));
    },
  };
}

async function absent<T>(work: Thenable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
