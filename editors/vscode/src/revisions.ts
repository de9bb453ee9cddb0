/** Choosing a revision: from the tags that VS Code's git extension knows, or by name. */

import * as vscode from "vscode";

/** What is used of the API of VS Code's git extension; it runs git, so that this extension need not. */
interface Git {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): { getRefs(query: object): Promise<{ readonly name?: string; readonly type: number }[]> } | null;
  };
}

const TAG = 2;

/** The revision that the user picks for the files of a folder. */
export async function revision(folder: vscode.Uri): Promise<string | undefined> {
  const other = "Another revision…";
  const known = await tags(folder);
  if (known.length > 0) {
    const picked = await vscode.window.showQuickPick([...known, other], {
      placeHolder: "Compare with which released version?",
    });
    if (picked !== other) return picked;
  }
  return vscode.window.showInputBox({
    prompt: "A revision of the git repository: a tag, a branch, a commit",
    validateInput: (text) => (/^[^\s:]+$/.test(text) ? undefined : "A name without blanks and colons"),
  });
}

async function tags(folder: vscode.Uri): Promise<string[]> {
  const extension = vscode.extensions.getExtension<Git>("vscode.git");
  if (extension === undefined) return [];
  try {
    const git = extension.isActive ? extension.exports : await extension.activate();
    const references = (await git.getAPI(1).getRepository(folder)?.getRefs({ sort: "committerdate" })) ?? [];
    return references.flatMap(({ name, type }) => (type === TAG && name !== undefined ? [name] : []));
  } catch {
    return []; // Git is switched off: the user names the revision.
  }
}
