// The page that says "not connected": a tablet that only lost its cookie does not stay here.

import { comeBack } from "./pages.js";

comeBack().catch(() => null); // what the page says is true then
