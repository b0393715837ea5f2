// Entry of the LuCI view: takes LuCI's session and path.
import { mount as mountPage } from './mount.tsx';

/** What the view passes on from LuCI's `L.env`. */
export type LuciOptions = {
  /** `L.env.ubuspath`, as in `/ubus/`. Never LuCI's own /admin/ubus: parallel calls there were seen to mix up answers. */
  ubusPath: string;
  /** `L.env.sessionid`. */
  session: string;
};

/** Shows the page in `element` of a LuCI view. */
export function mount(element: Element, { ubusPath, session }: LuciOptions): () => void {
  // LuCI has put its own language there, as in zh-cn.
  return mountPage(element, { host: 'luci', url: ubusPath, session, languages: [document.documentElement.lang] });
}
