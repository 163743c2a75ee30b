import { contentOf } from "./content.js";
import type { FlashedApp, FlashImage, FlashJob } from "./job.js";

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

/** The app that a board runs after the job; undefined where the job has none that describes itself, or several. */
export function onlyApp(job: Pick<FlashJob, "images" | "unplaced">): Omit<FlashedApp, "offset"> | undefined {
  const [app, ...others] = [...job.images, ...job.unplaced.map((image) => ({ ...image, offset: 0 }))].flatMap(appsIn);
  const isSame = ({ project, version, elfSha256 }: FlashedApp): boolean =>
    project === app?.project && version === app.version && elfSha256 === app.elfSha256;
  return others.every(isSame) ? app : undefined;
}
