/** A folder of texts, as far as a store needs one. Names are plain; what is missing is `undefined` and no error. */
export interface TextFolder {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<string | undefined>;
  /** Written as a whole or not at all: a reader never sees half of it. */
  write(name: string, text: string): Promise<void>;
  /** As `write`, and false where there is such a file already. */
  create(name: string, text: string): Promise<boolean>;
  /** Writes a new file in one go: a reader may see its beginning alone, and a window that dies leaves that. */
  begin(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}
