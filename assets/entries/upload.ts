// Photo and document inputs that send at once, resume after a broken connection and say what was refused.
import { bindUploads } from "../page/upload";

bindUploads();
