// What every page does beyond plain HTML. Pages work without it; this makes them quicker.
import "htmx.org";
import { bindConfirmations } from "../page/confirm";
import { bindFilters } from "../page/filters";
import { bindKeys } from "../page/keys";
import { bindMenus } from "../page/menus";
import { bindTheme } from "../page/theme";
import { bindUnsaved } from "../page/unsaved";

bindTheme();
bindMenus();
bindFilters();
bindConfirmations();
bindKeys();
bindUnsaved();
