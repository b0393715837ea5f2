// A page that shows all pictures of one run beside each other: a screen a row, and what differs within it.

export type Picture = { screen: string; variant: string; file: string; width: number };

const STYLE = `body { margin: 1rem; font: 14px/1.4 system-ui, sans-serif; color-scheme: light dark }
section { margin: 0 0 2rem } h2 { font-size: 1rem; position: sticky; top: 0; background: Canvas; margin: 0; padding: .4rem 0 }
div { display: flex; gap: .75rem; overflow-x: auto; align-items: start } figure { margin: 0; flex: none } figcaption { font-size: .8rem }
img { height: 22rem; border: 1px solid GrayText }`;

/** Names are ours and safe to write as they are. */
export function renderSheet(pictures: readonly Picture[]): string {
  const names = [...new Set(pictures.map(({ screen }) => screen))];
  const figure = ({ file, variant }: Picture): string =>
    `<figure><a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a><figcaption>${variant}</figcaption></figure>`;
  const row = (name: string): string =>
    `<section id="${name}"><h2>${name}</h2><div>${pictures
      .filter(({ screen }) => screen === name)
      .map(figure)
      .join('\n')}</div></section>`;
  const links = names.map((name) => `<a href="#${name}">${name}</a>`).join(' · ');
  return `<!doctype html><meta charset="utf-8"><title>Screens of multidial</title><style>${STYLE}</style><p>${links}</p>\n${names.map(row).join('\n')}\n`;
}
