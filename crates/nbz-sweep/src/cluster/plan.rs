//! A plan on the disk: `plan.toml` and `units.parquet`, held together by digests.

use std::path::{Path, PathBuf};

use nbz_table::{Table, atomic, export, sha256_hex};
use serde::{Deserialize, Serialize};

use super::order::Order;
use super::units::Units;
use crate::error::{Result, SweepError};
use crate::networks::Networks;

/// The form of `plan.toml`; another one is another number.
const FORMAT: u32 = 1;
const UNITS: &str = "units.parquet";
const PLAN: &str = "plan.toml";
const HEAD: &str = "# Written by `nbzero plan`. The place of the images may be changed; of any other change the digests tell.\n\n";

/// What is to be done, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    document: Document,
    units: Units,
    /// `units.parquet`.
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Document {
    format: u32,
    /// SHA-256 of the rest of this document but for `images`: a place is nothing that outcomes depend on.
    digest: String,
    units_digest: String,
    units: usize,
    parts: usize,
    /// Where the images were when the plan was made; a worker may be told of another place.
    images: String,
    /// Definitions of spaces that the program has not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    own_spaces: Vec<String>,
    order: Order,
}

impl Plan {
    /// Plans an order for some networks. `images` says where the images are; `parts` is the number of parts, by
    /// default one a training, or as many as their predicted cost asks for.
    ///
    /// # Errors
    /// [`SweepError::Setting`] for a number of parts that cannot be.
    pub fn new(
        order: Order,
        networks: &Networks,
        images: String,
        parts: Option<usize>,
    ) -> Result<Self> {
        let seeds = order.seeds();
        let of = sha256_hex(order.of_one()?.as_bytes());
        let every_one = match &order {
            Order::Score(_) => None,
            Order::Train(_) => Some(networks.archs().len() * seeds.len()),
        };
        let parts = parts.or(every_one);
        let units = Units::new(&of, networks.archs(), &seeds, order.task()?, parts)?;
        let bytes = export::parquet_bytes(&units.frame(order.networks())?)?;
        let document = Document {
            format: FORMAT,
            digest: String::new(),
            units_digest: sha256_hex(&bytes),
            units: units.all().len(),
            parts: units.parts().len(),
            images,
            own_spaces: networks.own_spaces().to_vec(),
            order,
        };
        let digest = document.digest()?;
        let document = Document { digest, ..document };
        Ok(Self {
            document,
            units,
            bytes,
        })
    }

    /// Writes the plan into a folder; the same plan there already is left as it is.
    ///
    /// # Errors
    /// [`SweepError::OtherPlan`] if another one is there; [`SweepError::File`].
    pub fn write(&self, folder: &Path) -> Result<()> {
        if folder.join(PLAN).exists() {
            let there = Self::open(folder)?;
            if there.document.digest == self.document.digest {
                return Ok(());
            }
            return Err(there.is_other_than(self, folder));
        }
        create_folder(folder)?;
        atomic::write_bytes(&folder.join(UNITS), &self.bytes)?;
        let text = toml::to_string(&self.document).map_err(|e| SweepError::PlanDamaged {
            reason: e.to_string(),
        })?;
        // Last: where it stands the plan is whole.
        let path = folder.join(PLAN);
        Ok(atomic::write_bytes(
            &path,
            format!("{HEAD}{text}").as_bytes(),
        )?)
    }

    /// Reads a plan, and checks that nobody has changed it.
    ///
    /// # Errors
    /// [`SweepError::NoPlan`], [`SweepError::PlanDamaged`], [`SweepError::PlanFormat`].
    pub fn open(folder: &Path) -> Result<Self> {
        Self::read(folder).map_err(|error| match error {
            SweepError::PlanDamaged { reason } => SweepError::PlanDamaged {
                reason: format!("{}: {reason}", folder.display()),
            },
            other => other,
        })
    }

    fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(PLAN);
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SweepError::NoPlan {
                path: folder.to_owned(),
            },
            _ => SweepError::File {
                verb: "read",
                path: path.clone(),
                source,
            },
        })?;
        let damaged = |reason: String| SweepError::PlanDamaged { reason };
        let table: toml::Table =
            toml::from_str(&text).map_err(|e| damaged(format!("{PLAN}: {}", e.message())))?;
        match table.get("format").and_then(toml::Value::as_integer) {
            Some(found) if found != i64::from(FORMAT) => {
                return Err(SweepError::PlanFormat {
                    found,
                    expected: FORMAT,
                });
            }
            _ => {}
        }
        let document: Document = table
            .try_into()
            .map_err(|e| damaged(format!("{PLAN}: {}", e.message())))?;
        if document.digest != document.digest()? {
            return Err(damaged(format!("{PLAN} was changed after it was made")));
        }
        let path = folder.join(UNITS);
        let bytes = std::fs::read(&path).map_err(|source| SweepError::File {
            verb: "read",
            path,
            source,
        })?;
        if document.units_digest != sha256_hex(&bytes) {
            return Err(damaged(format!("{UNITS} is not the file of this plan")));
        }
        let units = Units::of_table(&Table::from_bytes(UNITS, bytes.clone())?)?;
        Ok(Self {
            document,
            units,
            bytes,
        })
    }

    /// What is done.
    pub fn order(&self) -> &Order {
        &self.document.order
    }

    /// With what.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Where the images were when the plan was made, as `--data` names them.
    pub fn images(&self) -> &str {
        &self.document.images
    }

    /// The name of this plan: SHA-256.
    pub fn digest(&self) -> &str {
        &self.document.digest
    }

    /// Definitions of the networks' spaces that the program has not.
    pub(crate) fn own_spaces(&self) -> &[String] {
        &self.document.own_spaces
    }

    /// The networks, as the plan lists them.
    ///
    /// # Errors
    /// [`SweepError::PlanDamaged`] for a unit that names no network.
    pub fn networks(&self) -> Result<Networks> {
        let each = self.order().seeds().len().max(1);
        let units = self.units.all().iter().step_by(each);
        let names = units.map(|unit| unit.arch.as_str());
        Networks::named(self.order().networks(), names, &self.document.own_spaces)
    }

    /// Plans the same once more, and compares: every network is built, its cost predicted, its parts cut.
    ///
    /// # Errors
    /// [`SweepError::PlanDamaged`] if this program would plan otherwise.
    pub fn verify(&self) -> Result<()> {
        let parts = Some(self.units.parts().len());
        let images = self.document.images.clone();
        let again = Self::new(self.order().clone(), &self.networks()?, images, parts)?;
        if again.digest() == self.digest() {
            return Ok(());
        }
        Err(SweepError::PlanDamaged {
            reason: "this program names, costs or cuts its units otherwise".to_owned(),
        })
    }

    /// That another plan stands in a folder.
    pub(super) fn is_other_than(&self, here: &Self, folder: &Path) -> SweepError {
        let mut differences = self.order().differences(here.order());
        let [there, here] = [self, here].map(|plan| plan.document.parts);
        if there != here {
            differences.push(format!("parts: {there} there, {here} here"));
        }
        SweepError::OtherPlan {
            path: folder.to_owned(),
            differences,
        }
    }
}

impl Document {
    /// The digest of all but the digest.
    fn digest(&self) -> Result<String> {
        let bare = Self {
            digest: String::new(),
            images: String::new(),
            ..self.clone()
        };
        Ok(sha256_hex(json(&bare)?.as_bytes()))
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| SweepError::PlanDamaged {
        reason: e.to_string(),
    })
}

pub(super) fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| SweepError::File {
        verb: "make",
        path: PathBuf::from(folder),
        source,
    })
}
