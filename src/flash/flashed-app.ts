import { contentOf } from "./content.js";
import type { FlashedApp, FlashImage } from "./job.js";

function appsIn(image: FlashImage): FlashedApp[] {
  const { kind, image: own, apps } = contentOf(image);
  const found = kind === "app" && own !== undefined ? [{ offset: 0, image: own }] : apps;
  return found.flatMap(({ offset, image: app }) => {
    if (app.app === undefined) return [];
    const { version, project, elfSha256 } = app.app;
    return [{ image: image.name, offset: image.offset + offset, version, project, elfSha256 }];
  });
}

/** The app at the lowest address that describes itself, if the job has one. */
export function flashedApp(images: readonly FlashImage[]): FlashedApp | undefined {
  return images.flatMap(appsIn).sort((a, b) => a.offset - b.offset)[0];
}
